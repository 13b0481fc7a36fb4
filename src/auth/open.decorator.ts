import { Reflector } from '@nestjs/core';

/** A route, or all of a controller, that needs no token. */
export const OpenRoute = Reflector.createDecorator<true>();
export const Open = () => OpenRoute(true);
