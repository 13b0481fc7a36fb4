import { parseArgs } from 'node:util';
import { GoldenpathClient } from '@goldenpath/client';
import { readChatEnvironment, type ChatEnvironment } from '../config/chat-environment.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { StartupError } from '../persistence/startup-error.js';
import { Account } from './account.js';
import { Chat } from './chat-loop.js';
import { readDemoUser } from './demo-user.js';
import { Prompt } from './prompt.js';
import { failureText, say } from './terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';

const prompt = new Prompt();
try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { demo: { type: 'boolean', default: false } },
  });
  const environment = readChatEnvironment();
  const url = addressOf(positionals[0] ?? environment.url ?? DEFAULT_URL);
  say(`Goldenpath at ${url}`);
  const account = values.demo ? await signInAsDemo(url) : await signIn(url, environment);
  if (account !== undefined) await chat(url, account);
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`);
  process.exitCode = 1;
} finally {
  prompt.close();
}
process.exit();

/** Throws StartupError. */
function addressOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new StartupError(`"${text}" is no address of a server; give one such as ${DEFAULT_URL}.`);
}

/** Undefined: the person went away instead. */
async function signIn(url: string, environment: ChatEnvironment): Promise<Account | undefined> {
  const email = environment.email ?? (await prompt.ask('E-mail: '));
  const password = environment.password ?? (email === undefined ? undefined : await prompt.askSecretly('Password: '));
  if (email === undefined || password === undefined) return undefined;
  const account = await Account.signIn(url, { email, password });
  if (account !== undefined) return account;
  const wish = await prompt.ask('There is no such user with this password. Register? [y/N] ');
  return wish?.trim().toLowerCase() === 'y' ? Account.register(url, { email, password }) : undefined;
}

/** As the user of `npm run demo`, whose usage is there to ask about. */
async function signInAsDemo(url: string): Promise<Account> {
  const { dataDir } = loadConfiguration();
  const demoUser = await readDemoUser(dataDir);
  const account = demoUser === undefined ? undefined : await Account.signIn(url, demoUser);
  if (account === undefined)
    throw new StartupError(`There is no demo user of ${dataDir} at ${url}. Run npm run demo first.`);
  return account;
}

async function chat(url: string, account: Account): Promise<void> {
  const client = new GoldenpathClient({ url, token: () => account.token() });
  client.on('error', (error) => say(failureText(error)));
  try {
    await client.connect();
    say('Ask, for example: Analyze my AI costs. /new begins another conversation; Ctrl-C stops an answer, or ends.');
    await new Chat(client, prompt).run();
  } finally {
    client.close();
  }
}
