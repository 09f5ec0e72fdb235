// Run once, on the empty server, by the image's entry point: the chat gets a user of its own, who
// may do what it needs in its database, and nothing else.
{
  const { readFileSync } = require('node:fs');
  const { SECRETS = '/secrets' } = process.env;
  db.getSiblingDB('admin').createUser({
    user: 'chat',
    pwd: readFileSync(`${SECRETS}/chat_password`, 'utf8').trim(),
    roles: [{ role: 'readWrite', db: 'chat' }, { role: 'dbAdmin', db: 'chat' }],
  });
}
