// See `healthy`. The password comes from its file, so that no list of processes shows it.
const { readFileSync } = require('node:fs');
const NOT_YET_INITIALIZED = 94;  // MongoDB's error code
const MEMBERS = [{ _id: 0, host: 'mongo:27017' }];

const password = readFileSync('/secrets/root_password', 'utf8').trim();
const admin = connect(`mongodb://root:${password}@127.0.0.1:27017/admin?directConnection=true`);
try {
  admin.runCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.code !== NOT_YET_INITIALIZED) throw error;
  rs.initiate({ _id: 'rs0', members: MEMBERS });
}
quit(admin.hello().isWritablePrimary ? 0 : 1);
