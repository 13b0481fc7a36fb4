import { describe, expect, it } from '@jest/globals';
import { duplicates, readSources, type SingleSource } from '../support/source-scan.js';

const RULES: readonly SingleSource[] = [
  { what: 'emitter', pattern: /^\s+(async )?emitAgentStarted\(/m, places: ['src/events/unified-websocket-emitter.ts'] },
  { what: 'event pipeline', pattern: /implements WebSocketManager/, places: ['src/events/event-pipeline.ts'] },
  {
    what: 'writer of the event log',
    pattern: /(INSERT INTO|UPDATE|DELETE FROM) run_event/,
    places: ['src/events/append-statement.ts', 'src/events/event-transaction.ts'],
  },
  {
    what: 'connection manager',
    pattern: /class \w*ConnectionManager\b/,
    places: ['src/gateway/connection-manager.ts'],
  },
  { what: 'connection', pattern: /class \w*Connection\b/, places: ['src/gateway/connection.ts'] },
  { what: 'WebSocket server', pattern: /new WebSocketServer\(/, places: ['src/gateway/socket.gateway.ts'] },
  { what: 'sender to sockets', pattern: /socket\.send\(/, places: ['src/gateway/socket-channel.ts'] },
  { what: 'JWT validation', pattern: /\bjwtVerify\(/, places: ['src/auth/token-verifier.ts'] },
  { what: 'decoder of tokens', pattern: /\bdecodeJwt\(|\bcompactVerify\(/, places: ['src/auth/'] },
  { what: 'reader of the environment', pattern: /process\.env\b/, places: ['src/config/'] },
  { what: 'user of ModuleRef', pattern: /\bModuleRef\b/, places: ['src/engine/'] },
  { what: 'engine', pattern: /class \w*ExecutionEngine\b/, places: ['src/engine/user-execution-engine.ts'] },
  { what: 'context', pattern: /class \w*ExecutionContext\b/, places: ['src/context/user-execution-context.ts'] },
  { what: 'claim of runs', pattern: /epoch = r?\.?epoch \+ 1/, places: ['src/runs/run-claims.ts'] },
];

describe('the source', () => {
  it('has one definition of everything', () => {
    const rules = RULES.filter(({ what }) => what !== 'decoder of tokens');
    expect(duplicates(readSources('src'), rules)).toEqual([]);
    const decoder = RULES.filter(({ what }) => what === 'decoder of tokens');
    expect(duplicates(readSources('src'), decoder).filter((each) => !each.endsWith('nowhere'))).toEqual([]);
  });

  it('would be found out if it had two', () => {
    const sources = new Map([
      ...readSources('src'),
      ['src/threads/second-emitter.ts', 'class Second {\n  async emitAgentStarted(agent: string) {}\n}'],
      ['src/messages/check.ts', 'const { payload } = await jwtVerify(token, key);'],
      ['src/admin/port.ts', 'export const port = process.env.PORT;'],
      ['src/admin/talk.ts', '// process.env is read elsewhere, and socket.send( is used elsewhere'],
      ['src/gateway/other.ts', 'export class UnifiedConnectionManager {}'],
      ['src/gateway/push.ts', 'socket.send(text);'],
    ]);
    expect(
      duplicates(sources, RULES)
        .filter((each) => !each.endsWith('nowhere'))
        .sort(),
    ).toEqual([
      'JWT validation: src/messages/check.ts',
      'connection manager: src/gateway/other.ts',
      'emitter: src/threads/second-emitter.ts',
      'reader of the environment: src/admin/port.ts',
      'sender to sockets: src/gateway/push.ts',
    ]);
  });
});
