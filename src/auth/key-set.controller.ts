import { Controller, Get, Header } from '@nestjs/common';
import { ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { errorAnswer } from '../errors/error-answer.js';
import { keySetAnswer } from './auth-answers.js';
import { Open } from './open.decorator.js';
import { SigningKey } from './signing-key.js';

/** The public key, for whoever wants to check our tokens. */
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Open()
@ApiTags('auth')
@Controller('.well-known')
export class KeySetController {
  constructor(private readonly signingKey: SigningKey) {}

  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({ summary: 'JSON Web Key Set (RFC 7517)' })
  @ApiOkResponse({ standardSchema: keySetAnswer })
  keys(): z.output<typeof keySetAnswer> {
    return { keys: [{ ...this.signingKey.current().publicJwk }] };
  }
}
