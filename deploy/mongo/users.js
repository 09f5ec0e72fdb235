// Run once, on the empty server, by the image's entry point: the chat gets a user of its own, and
// root the right to replay a dump's log of operations, which its own role lacks.
{
  const { readFileSync } = require('node:fs');
  const password = readFileSync('/secrets/chat_password', 'utf8').trim();
  const admin = db.getSiblingDB('admin');
  admin.createUser({
    user: 'chat',
    pwd: password,
    roles: [{ role: 'readWrite', db: 'chat' }, { role: 'dbAdmin', db: 'chat' }],
  });
  admin.createRole({
    role: 'replay',
    privileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }],
    roles: [],
  });
  admin.grantRolesToUser('root', ['replay']);
}
