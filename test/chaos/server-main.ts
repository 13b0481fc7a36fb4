/** src/main.ts with the harness' agent and tools. Parameters: the file of the effects, and what to sabotage, if anything. */
import { setClock } from '../support/skewed-clock.js';
import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { createApplication } from '../../src/create-application.js';
import { ChaosModule } from './chaos.module.js';
import { SABOTAGES } from './sabotage.js';

const configuration = loadConfiguration();
const application = await createApplication(configuration, [ChaosModule]);
const sabotage = SABOTAGES.find(({ name }) => name === process.argv[3]);
sabotage?.apply(application.nest);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), configuration.time.shutdownGraceMs).unref();
  application.stop('SIGTERM').then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
// Each line sets the clock. At the end whoever started it is gone: nobody would end it any more.
createInterface({ input: process.stdin })
  .on('line', (line) => setClock(Number(line)))
  .once('close', () => process.exit(1));
await application.start();
process.stdout.write(`ready at ${application.url()}\n`);
