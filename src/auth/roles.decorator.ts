import { Reflector } from '@nestjs/core';
import type { Role } from './identity.js';

/** Who may call a route, or all of a controller: whoever has one of the roles; others get forbidden. */
export const AllowedRoles = Reflector.createDecorator<readonly Role[]>();
export const Roles = (...roles: readonly Role[]) => AllowedRoles(roles);
