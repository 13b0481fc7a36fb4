import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import { converse, modelLoop, type Heard } from '../support/model-loop.js';
import { justText } from '../support/usage-tool.js';

const PLANNED = 'Planned answer from 0 calls.';
const environmentFor = (url: string, timeoutMs = 5_000) => ({
  LLM_PROVIDER: 'openai-compatible',
  LLM_BASE_URL: `${url}/v1`,
  LLM_API_KEY: 'sk-secret-key',
  LLM_MODEL: 'gpt-4o',
  LLM_TIMEOUT_MS: String(timeoutMs),
});

const reasons = ({ notices }: Heard): string[] => notices.map(({ reason }) => reason);

describe('a provider that fails', () => {
  let mock: LLMock;
  beforeEach(async () => {
    mock = new LLMock({ port: 0, chunkSize: 4 });
    await mock.start();
  });
  afterEach(() => mock.stop());

  const setUp = () => modelLoop({ environment: environmentFor(mock.url) });

  it('limits requests: it is asked again after the pause it wants', async () => {
    mock.on({ sequenceIndex: 0 }, { error: { message: 'slow down' }, status: 429, retryAfter: 7 });
    mock.on({}, { content: 'You spent $5.' });
    const { loop, pausesMs } = setUp();
    const heard = await converse(loop, { plan: justText });
    expect([heard.outcome.text, heard.outcome.degraded, pausesMs, reasons(heard)]).toEqual([
      'You spent $5.',
      false,
      [7_000],
      [],
    ]);
  });

  it('has a problem of its own for good: the planner answers, openly', async () => {
    mock.on({}, { error: { message: 'boom' }, status: 500 });
    const heard = await converse(setUp().loop, { plan: justText });
    expect(mock.getRequests()).toHaveLength(3);
    expect(heard.outcome).toMatchObject({ text: PLANNED, degraded: true });
    expect(reasons(heard)).toEqual(['The model provider has a problem of its own (500); the planner goes on.']);
  });

  it.each([401, 403])('refuses the key with %p: it is asked once, and the key is not repeated', async (status) => {
    mock.on({}, { error: { message: 'Incorrect API key provided: sk-secret-key' }, status });
    const heard = await converse(setUp().loop, { plan: justText });
    expect(mock.getRequests()).toHaveLength(1);
    expect(heard.outcome).toMatchObject({ text: PLANNED, degraded: true });
    expect(JSON.stringify(heard.notices)).not.toContain('sk-secret-key');
  });

  it('cuts its stream: the text is taken back and written again', async () => {
    mock.on({ sequenceIndex: 0 }, { content: 'You spent far too much.' }, { truncateAfterChunks: 4, latency: 5 });
    mock.on({}, { content: 'You spent $5.' });
    const heard = await converse(setUp().loop, { plan: justText });
    expect(heard.voids).toBe(1);
    expect(heard.deltas.join('')).not.toBe(heard.shown);
    expect([heard.shown, heard.outcome.text]).toEqual(['You spent $5.', 'You spent $5.']);
    expect(reasons(heard)).toEqual(["The model's answer broke off; it starts again."]);
  });

  it('cuts its stream again and again: the planner answers', async () => {
    mock.on({}, { content: 'You spent far too much.' }, { truncateAfterChunks: 4 });
    const heard = await converse(setUp().loop, { plan: justText });
    expect(mock.getRequests()).toHaveLength(3);
    expect([heard.shown, heard.outcome.text]).toEqual([PLANNED, PLANNED]);
  });

  it('sends junk: the planner answers', async () => {
    mock.setChaos({ malformedRate: 1 });
    mock.on({}, { content: 'never seen' });
    const heard = await converse(setUp().loop, { plan: justText });
    expect(heard.outcome).toMatchObject({ text: PLANNED, degraded: true });
  });
});

describe('a server that is no provider', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  it('never answers: two attempts, then the planner', async () => {
    let requests = 0;
    const url = await serve(() => {
      requests += 1;
    });
    const heard = await converse(modelLoop({ environment: environmentFor(url, 100) }).loop, { plan: justText });
    expect([requests, heard.outcome.text]).toEqual([2, PLANNED]);
    expect(reasons(heard)).toEqual(['The model did not answer in time; the planner goes on.']);
  });

  it.each([
    ['a web page', 'text/html', '<html><body>Welcome</body></html>'],
    ['events that are no JSON', 'text/event-stream', 'data: {"choices": [\n\ndata: oops\n\n'],
    ['events of another kind', 'text/event-stream', 'data: {"hello":"world"}\n\ndata: [DONE]\n\n'],
    ['nothing', 'text/event-stream', ''],
  ])('answers with %s: the planner answers', async (_, contentType, body) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': contentType }).end(body);
    });
    const heard = await converse(modelLoop({ environment: environmentFor(url) }).loop, { plan: justText });
    expect(heard.outcome).toMatchObject({ text: PLANNED, degraded: true });
    expect(heard.shown).toBe(PLANNED);
  });

  it('is not there: the planner answers', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    const heard = await converse(modelLoop({ environment: environmentFor(url) }).loop, { plan: justText });
    expect(heard.outcome.text).toBe(PLANNED);
    expect(reasons(heard)).toEqual(['The model provider cannot be reached; the planner goes on.']);
  });

  it('is left at once when the run is cancelled', async () => {
    const controller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      void serve((request) => {
        request.socket.on('close', resolve);
        controller.abort(new Error('cancelled by the user'));
      }).then((url) => {
        const { loop } = modelLoop({ environment: environmentFor(url) });
        const running = converse(loop, { plan: justText, signal: controller.signal });
        return expect(running).rejects.toThrow('cancelled by the user');
      });
    });
    await closed;
  });
});
