import { Body, Controller, Get, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { errorAnswer } from '../errors/error-answer.js';
import { CurrentIdentity } from './current-identity.decorator.js';
import type { Identity } from './identity.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { preferencesAnswer, preferencesAnswerOf, preferencesBody, type PreferencesBody } from './preference-bodies.js';
import { Preferences } from './preferences.js';

/** What a user prefers; runs that begin afterwards go by it. */
@ApiTags('auth')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/auth/me/preferences')
export class PreferencesController {
  constructor(private readonly preferences: Preferences) {}

  @Get()
  @ApiOperation({ summary: 'What the user prefers, defaults included' })
  @ApiOkResponse({ standardSchema: preferencesAnswer })
  async get(@CurrentIdentity() identity: Identity): Promise<z.output<typeof preferencesAnswer>> {
    return preferencesAnswerOf(await this.preferences.of(identity));
  }

  @Put()
  @UseGuards(JsonBodyGuard)
  @ApiOperation({ summary: 'Change preferences: what is absent stays, null is the default again' })
  @ApiOkResponse({ standardSchema: preferencesAnswer })
  async put(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: preferencesBody }) body: PreferencesBody,
  ): Promise<z.output<typeof preferencesAnswer>> {
    return preferencesAnswerOf(await this.preferences.change(identity, body));
  }
}
