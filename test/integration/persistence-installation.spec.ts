import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Installation } from '../../src/persistence/installation.js';
import { Ids } from '../../src/telemetry/ids.js';
import { createTestDatabase, openDatabase } from '../support/database.js';

async function logIdOf(url: string): Promise<string> {
  const open = await openDatabase(url);
  const installation = new Installation(open.database, new Ids());
  await installation.load();
  await open.close();
  return installation.logId();
}

describe('The id of the event log', () => {
  it('is the same for every server of a database, and another one for a restored copy', async () => {
    const test = await createTestDatabase();
    const [first, second] = [await logIdOf(test.url), await logIdOf(test.url)];
    expect(second).toBe(first);

    const other = await createTestDatabase();
    const name = new URL(test.url).pathname.slice(1);
    const copyName = `${name}_${randomBytes(2).toString('hex')}`;
    const open = await openDatabase(other.url);
    await open.database.execute(`CREATE DATABASE ${copyName} TEMPLATE ${name}`);
    const copy = new URL(test.url);
    copy.pathname = `/${copyName}`;
    expect(await logIdOf(copy.href)).not.toBe(first);

    await open.database.execute(`DROP DATABASE ${copyName} WITH (FORCE)`);
    await open.close();
    await Promise.all([test.drop(), other.drop()]);
  });
});
