import { Body, Controller, Header, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { tokensAnswer, tokensAnswerOf } from './auth-answers.js';
import {
  loginBody,
  refreshBody,
  registerBody,
  type LoginBody,
  type RefreshBody,
  type RegisterBody,
} from './auth-bodies.js';
import { AuthRateLimitGuard } from './auth-rate-limit.guard.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { Open } from './open.decorator.js';
import { PasswordSignIn } from './password-sign-in.js';
import { Refresh } from './refresh.js';
import { Registration } from './registration.js';

type TokensAnswer = z.output<typeof tokensAnswer>;

/** The ways to get tokens. */
@Open()
@ApiTags('auth')
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@UseGuards(AuthRateLimitGuard, JsonBodyGuard)
@Controller('api/auth')
export class SignInController {
  constructor(
    private readonly registration: Registration,
    private readonly passwordSignIn: PasswordSignIn,
    private readonly tokenRefresh: Refresh,
  ) {}

  @Post('register')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Make a user, in a tenant of their own, and sign in' })
  @ApiCreatedResponse({ standardSchema: tokensAnswer })
  async register(
    @Body({ schema: registerBody }) body: RegisterBody,
    @Headers('user-agent') userAgent?: string,
  ): Promise<TokensAnswer> {
    return tokensAnswerOf(await this.registration.register(body, userAgent));
  }

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Sign in with e-mail and password' })
  @ApiOkResponse({ standardSchema: tokensAnswer })
  async login(
    @Body({ schema: loginBody }) body: LoginBody,
    @Headers('user-agent') userAgent?: string,
  ): Promise<TokensAnswer> {
    const signedIn = await this.passwordSignIn.open(body.email, body.password, userAgent);
    if (signedIn === undefined) throw new AppError('auth_required', 'The e-mail address or the password is wrong.');
    return tokensAnswerOf(signedIn);
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Exchange a refresh token, which works once, for a new pair' })
  @ApiOkResponse({ standardSchema: tokensAnswer })
  async refresh(@Body({ schema: refreshBody }) body: RefreshBody): Promise<TokensAnswer> {
    return tokensAnswerOf(await this.tokenRefresh.exchange(body.refresh_token));
  }
}
