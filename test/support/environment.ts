// Jest gives each test file a copy of the environment, so this is what the code under test reads. The zone of Date is that of the process,
// which has to be started, or configured, with TZ=UTC.
process.env.TZ = 'UTC';
process.env.NODE_ENV = 'test';
