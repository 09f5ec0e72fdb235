// See `healthy`. The password comes from its file, so that no list of processes shows it.
const { readFileSync } = require('node:fs');
const NOT_YET_INITIALIZED = 94;  // MongoDB's error code
const MEMBERS = [{ _id: 0, host: 'mongo:27017' }];

const { PORT = 27017, SECRETS = '/secrets' } = process.env;

const password = readFileSync(`${SECRETS}/root_password`, 'utf8').trim();
const admin = connect(`mongodb://root:${password}@127.0.0.1:${PORT}/admin?directConnection=true`);
try {
  admin.runCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.code !== NOT_YET_INITIALIZED) throw error;
  admin.adminCommand({ replSetInitiate: { _id: 'rs0', members: MEMBERS } });
}
quit(admin.hello().isWritablePrimary ? 0 : 1);
