const BEARER = /^Bearer +(\S+) *$/i;

/** The token of an Authorization header; undefined without the header or with another scheme. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];
