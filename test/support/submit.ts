import { Admission, type Accepted, type Submission } from '../../src/runs/admission.js';
import type { Identity } from '../../src/auth/identity.js';
import { Ids } from '../../src/telemetry/ids.js';
import { script, type Step } from './scripted-agent.js';
import type { TestServer, TestUser } from './server.js';

const HOUR_MS = 3_600_000;

/** A user as the token verifier would see them. */
export const identityOf = (user: TestUser, sessionId: string): Identity => ({
  userId: user.id,
  tenantId: user.tenantId,
  sessionId,
  roles: ['user'],
  expiresAt: new Date(Date.now() + HOUR_MS),
});

/** Sends a message past the sockets. */
export function submit(server: TestServer, user: TestUser, submission: Partial<Submission>): Promise<Accepted> {
  const ids = server.get(Ids);
  const identity = identityOf(user, ids.next());
  return server.get(Admission).submit(identity, { text: 'a question', requestId: ids.next(), ...submission });
}

/** Runs a script. */
export const submitScript = (server: TestServer, user: TestUser, ...steps: Step[]): Promise<Accepted> =>
  submit(server, user, { text: script(...steps), agent: 'scripted' });
