/** src/main.ts with the tests' agents and tools: a server that can be killed in the middle of a script. */
import 'reflect-metadata';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { createApplication } from '../../src/create-application.js';
import { ScriptedModule } from './scripted.module.js';

const application = await createApplication(loadConfiguration(), [ScriptedModule]);
process.on('SIGTERM', () => {
  application.stop('SIGTERM').then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
await application.start();
process.stdout.write(`ready at ${application.url()}\n`);
