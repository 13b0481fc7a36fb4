import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiDefaultResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { Accounts } from './accounts.js';
import { ticketAnswer, ticketAnswerOf, userAnswer, userAnswerOf } from './auth-answers.js';
import { passwordBody, type PasswordBody } from './auth-bodies.js';
import { CurrentIdentity } from './current-identity.decorator.js';
import type { Identity } from './identity.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { PasswordChange } from './password-change.js';
import { Sessions } from './sessions.js';
import { Tickets } from './tickets.js';

/** What a signed-in user does with their own account. */
@ApiTags('auth')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/auth')
export class AccountController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly tickets: Tickets,
    private readonly passwordChange: PasswordChange,
  ) {}

  @Get('me')
  @ApiOperation({ summary: 'Who is signed in' })
  @ApiOkResponse({ standardSchema: userAnswer })
  async me(@CurrentIdentity() identity: Identity): Promise<z.output<typeof userAnswer>> {
    const account = await this.accounts.ofUser(identity);
    if (account === undefined) throw new AppError('token_revoked', 'The session was ended; sign in again.');
    return userAnswerOf(account);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End this session' })
  @ApiNoContentResponse()
  async logout(@CurrentIdentity() identity: Identity): Promise<void> {
    await this.sessions.end(identity, identity.sessionId, 'logout');
  }

  @Post('logout-all')
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions of the user, on all devices' })
  @ApiNoContentResponse()
  async logoutAll(@CurrentIdentity() identity: Identity): Promise<void> {
    await this.sessions.endAll(identity, 'logout_all');
  }

  @Post('ws-ticket')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'A one-time ticket for ?ticket= of /ws' })
  @ApiCreatedResponse({ standardSchema: ticketAnswer })
  async ticket(@CurrentIdentity() identity: Identity): Promise<z.output<typeof ticketAnswer>> {
    return ticketAnswerOf(await this.tickets.issue(identity));
  }

  @Post('password')
  @UseGuards(JsonBodyGuard)
  @HttpCode(204)
  @ApiOperation({ summary: 'Change the password; all other sessions end' })
  @ApiNoContentResponse()
  async password(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: passwordBody }) body: PasswordBody,
  ): Promise<void> {
    await this.passwordChange.change(identity, { current: body.current_password, next: body.new_password });
  }
}
