import 'reflect-metadata';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { GoldenpathClient } from '@goldenpath/client';
import { createApplication, type Application } from '../create-application.js';
import { demoConfiguration } from './demo-server.js';
import { importDemoUsage } from './demo-usage.js';
import { signInDemoUser } from './demo-user.js';
import { failureText, say, sayRule, sayText } from './terminal.js';
import { askAndWatch } from './watch-run.js';

const QUESTION = 'Analyze my AI costs';

let application: Application | undefined;
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// Nobody reads on (a pipe to head): that ends the demo, not the process in the middle of its work.
process.stdout.on('error', () => interrupted.abort());
try {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  await Promise.race([demo(values.once), once(interrupted.signal, 'abort')]);
  await application?.stop('the demo is over');
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`);
  process.exitCode = 1;
  // What was started goes with us: the embedded database would live on.
  await application?.abandon();
}
process.exit();

/** The whole golden path, as a user walks it. */
async function demo(isOnce: boolean): Promise<void> {
  const configuration = await demoConfiguration();
  say(`Goldenpath ${configuration.version}: starting …`);
  application = await createApplication(configuration);
  await application.start();
  const url = application.url();
  const { email, token } = await signInDemoUser(url, configuration.dataDir);
  const usage = await importDemoUsage(url, token);
  say();
  say(`  server    ${url}`);
  say(`  user      ${email}`);
  for (const { label, rows, isSynthetic } of usage)
    say(`  usage     ${rows.toLocaleString('en-US')} rows: ${label}, ${isSynthetic ? 'synthetic' : 'real tokens'}`);
  await ask(url, token);
  if (isOnce) return;
  sayRule('the server keeps running');
  say(`Ask more with: npm run chat -- --demo ${url}`);
  say('Stop with Ctrl-C.');
  await once(interrupted.signal, 'abort');
}

async function ask(url: string, token: string): Promise<void> {
  const client = new GoldenpathClient({ url, token });
  try {
    await client.connect();
    sayRule(QUESTION);
    const final = await askAndWatch(client, { text: QUESTION });
    sayRule('the report');
    sayText(final.response);
    if (final.status !== 'completed') throw new Error(`The run ended as ${final.status}.`);
  } finally {
    client.close();
  }
}
