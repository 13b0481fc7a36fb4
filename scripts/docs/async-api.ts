import { readFileSync } from 'node:fs';
import { ANSWER_TYPES, type AnsweredFrameType } from '@goldenpath/protocol';
import { wireTypes, type JsonSchema } from './wire-types.js';

const reference = (path: string): JsonSchema => ({ $ref: `#/${path}` });
const messages = (names: string[]): JsonSchema[] => names.map((name) => reference(`channels/ws/messages/${name}`));

/** The query of the upgrade. A long-lived token is never part of it. */
const QUERY = {
  type: 'object',
  properties: {
    ticket: { type: 'string', description: 'A one-time ticket of POST /api/auth/ws-ticket.' },
    follow: { const: 'none', description: 'Follow nothing until told: for a client that resumes.' },
    thread: { type: 'string', description: 'Binds the connection to one thread.' },
  },
};

/** AsyncAPI 3.0 of the WebSocket, from the types of libs/protocol. */
export function asyncApi(): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { client, server, shared } = wireTypes();
  const frames = { ...client, ...server };
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Goldenpath',
      version,
      description:
        'JSON text frames over one WebSocket: the client asks, the server answers, and events of threads come in order, exactly once.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: 'localhost:3000', protocol: 'ws', security: [reference('components/securitySchemes/bearer')] },
    },
    channels: {
      ws: {
        address: '/ws',
        bindings: { ws: { method: 'GET', query: QUERY } },
        messages: Object.fromEntries(
          Object.keys(frames).map((name) => [name, reference(`components/messages/${name}`)]),
        ),
      },
    },
    operations: {
      ...Object.fromEntries(Object.keys(client).map((name) => [`receive_${name}`, received(name)])),
      send: { action: 'send', channel: reference('channels/ws'), messages: messages(Object.keys(server)) },
    },
    components: {
      messages: Object.fromEntries(
        Object.entries(frames).map(([name, payload]) => [name, { name, contentType: 'application/json', payload }]),
      ),
      schemas: shared,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What the server does with a frame of a client: the answer, or an error in its place. */
function received(name: string): JsonSchema {
  const answer = isAnswered(name) ? [ANSWER_TYPES[name], 'error'] : ['error'];
  if (name === 'authenticate') answer.unshift('connection_ready');
  return {
    action: 'receive',
    channel: reference('channels/ws'),
    messages: messages([name]),
    reply: { channel: reference('channels/ws'), messages: messages(answer) },
  };
}

function isAnswered(name: string): name is AnsweredFrameType {
  return Object.hasOwn(ANSWER_TYPES, name);
}
