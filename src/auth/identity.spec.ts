import { expect, it } from '@jest/globals';
import { rolesOf } from './identity.js';

it('a role that this version does not know gives no rights', () => {
  expect(rolesOf(['platform_admin', 'emperor', 'user', 'user'])).toEqual(['user', 'platform_admin']);
});
