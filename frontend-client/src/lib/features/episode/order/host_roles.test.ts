import { expect, test } from 'vitest';
import { hostRoleOptions } from './host_roles';

test('the roles name the hosts', () => {
	const names = hostRoleOptions([' Ada ', '']).map(({ name }) => name);

	expect(names).toEqual(['Both tell stories', 'Ada asks, Host 2 tells', 'Host 2 asks, Ada tells']);
});
