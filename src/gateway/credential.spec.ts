import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { credentialOf } from './credential.js';

const RAW = 'aaa.bbb.ccc';
const ENCODED = Buffer.from(RAW).toString('base64url');

function credential(headers: IncomingHttpHeaders, query = '') {
  const request = new IncomingMessage(new Socket());
  request.headers = headers;
  return credentialOf(request, new URLSearchParams(query));
}
const offering = (...protocols: string[]) => credential({ 'sec-websocket-protocol': protocols.join(', ') });

describe('the credential of an upgrade', () => {
  it('is the bearer token, whatever else is there', () => {
    const headers = { authorization: `Bearer ${RAW}`, 'sec-websocket-protocol': 'jwt-auth, jwt.x.y.z' };
    expect(credential(headers, 'ticket=t')).toEqual({ kind: 'token', token: RAW });
    expect(credential({ authorization: `bearer ${RAW}` })).toEqual({ kind: 'token', token: RAW });
  });

  it.each(['jwt', 'jwt-auth', 'bearer'])('is the token of the subprotocol %s.<token>, raw or base64url', (prefix) => {
    expect(offering('jwt-auth', `${prefix}.${RAW}`)).toEqual({ kind: 'token', token: RAW });
    expect(offering(`${prefix}.${ENCODED}`, 'jwt-auth')).toEqual({ kind: 'token', token: RAW });
  });

  it('is the ticket when there is no token', () => {
    expect(credential({}, 'ticket=t')).toEqual({ kind: 'ticket', ticket: 't' });
    expect(credential({ 'sec-websocket-protocol': 'jwt-auth' }, 'ticket=t')).toEqual({ kind: 'ticket', ticket: 't' });
  });

  it('is present although empty: it is refused, not passed over', () => {
    expect(credential({ authorization: 'Bearer' }, 'ticket=t')).toEqual({ kind: 'token', token: '' });
    expect(credential({}, 'ticket=')).toEqual({ kind: 'ticket', ticket: '' });
  });

  it('is awaited as a frame when nothing is there, another scheme included', () => {
    expect(credential({})).toEqual({ kind: 'none' });
    expect(credential({ authorization: 'Basic abc' })).toEqual({ kind: 'none' });
    expect(offering('jwt-auth')).toEqual({ kind: 'none' });
  });

  it.each(['token', 'access_token'])('is refused in the query as %s, even beside a good one', (name) => {
    expect(credential({ authorization: `Bearer ${RAW}` }, `${name}=${RAW}`)).toMatchObject({
      kind: 'refused',
      error: { code: 'token_in_query' },
    });
  });
});
