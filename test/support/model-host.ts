import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What the provider does with one request. `request` counts from 0. */
export type ModelAnswer = (response: ServerResponse, request: number) => void;

interface Call {
  readonly name: string;
  readonly parameters: string;
}

/** An OpenAI-compatible provider on loopback that does what it is told, over real HTTP; it notes when it was asked. */
export class ModelHost {
  readonly askedAtMs: number[] = [];
  private server: Server | undefined;
  private port = 0;

  constructor(public answer: ModelAnswer) {}

  /** Starts to listen, on the same port as before if it did before. */
  async open(): Promise<void> {
    this.server = createServer((request, response) => this.take(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    // A test that fails before it closes its host must not keep the whole run from ending.
    this.server.unref();
    const address = this.server.address();
    if (address !== null && typeof address !== 'string') this.port = address.port;
  }

  /** Cuts all connections and refuses new ones. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Variables of a server that uses it. */
  environment(timeoutMs = 5_000): Record<string, string> {
    return {
      LLM_PROVIDER: 'openai-compatible',
      LLM_BASE_URL: `http://127.0.0.1:${this.port}/v1`,
      LLM_API_KEY: 'sk-secret-key',
      LLM_MODEL: 'gpt-4o',
      LLM_TIMEOUT_MS: String(timeoutMs),
    };
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const count = this.askedAtMs.push(performance.now()) - 1;
    request.resume();
    request.once('end', () => this.answer(response, count));
  }
}

/** Answers with a text, as a stream of chunks. */
export const says = (text: string): ModelAnswer => stream([chunk({ content: text }), ending('stop')]);

/** Asks for tool calls. */
export const calls = (...wanted: readonly Call[]): ModelAnswer =>
  stream([
    chunk({
      tool_calls: wanted.map(({ name, parameters }, index) => ({
        index,
        id: `call_${index}`,
        type: 'function',
        function: { name, arguments: parameters },
      })),
    }),
    ending('tool_calls'),
  ]);

/** Answers with a status, and with headers such as Retry-After. */
export const refuses =
  (status: number, headers: Readonly<Record<string, string>> = {}): ModelAnswer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message: 'no', type: 'error' } }));
  };

/** Begins an answer and cuts the connection in the middle of it. */
export const breaksOff: ModelAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify(chunk({ content: 'You spent far too ' }))}\n\n`, () => response.destroy());
};

/** Takes the request and never answers. */
export const hangs: ModelAnswer = () => undefined;

/** Sends these bytes. */
export const sends =
  (body: string, contentType = 'text/event-stream'): ModelAnswer =>
  (response) => {
    response.writeHead(200, { 'content-type': contentType }).end(body);
  };

const stream = (events: readonly object[]): ModelAnswer =>
  sends(`${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`);

const chunk = (delta: object, finishReason: string | null = null): object => ({
  id: 'answer',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finishReason }],
});

const ending = (finishReason: string): object => ({
  ...chunk({}, finishReason),
  usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
});
