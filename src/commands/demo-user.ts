import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { callRest, RestError } from './rest.js';

const credentials = z.object({ email: z.string(), password: z.string() });
const tokens = z.object({ access_token: z.string() });

const fileOf = (dataDir: string): string => join(dataDir, 'demo-user.json');

/** The demo's user of this data folder; undefined before the first demo. */
export const readDemoUser = (dataDir: string): Promise<z.output<typeof credentials> | undefined> =>
  readFile(fileOf(dataDir), 'utf8').then(
    (text) => credentials.parse(JSON.parse(text)),
    () => undefined,
  );

/** Signs the demo's user in; the first time, makes one. The password is random and stays in the data folder, for its owner only. */
export async function signInDemoUser(url: string, dataDir: string): Promise<{ email: string; token: string }> {
  const known = await readDemoUser(dataDir);
  if (known !== undefined) {
    try {
      const { access_token: token } = await callRest(`${url}/api/auth/login`, tokens, { method: 'POST', json: known });
      return { email: known.email, token };
    } catch (error) {
      // Another database stands behind this folder now; a new user is made.
      if (!(error instanceof RestError && error.status === 401)) throw error;
    }
  }
  const fresh = {
    email: `demo-${randomBytes(4).toString('hex')}@example.com`,
    password: randomBytes(18).toString('base64url'),
  };
  const { access_token: token } = await callRest(`${url}/api/auth/register`, tokens, {
    method: 'POST',
    json: { ...fresh, name: 'Demo' },
  });
  await mkdir(dataDir, { recursive: true });
  await writeFile(fileOf(dataDir), JSON.stringify(fresh), { mode: 0o600 });
  return { email: fresh.email, token };
}
