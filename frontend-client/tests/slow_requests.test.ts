import { expect, test } from 'vitest';
import { isSlow } from '#lib/slow_requests.ts';

const URL = 'https://api.audiobrew.example';

test('an import from Gmail and an upload may take long, other requests may not', () => {
	const form = new FormData();
	form.append('file', new File(['Subject: Hello'], 'hello.eml'));

	expect(isSlow(new Request(`${URL}/api/gmail/emails?limit=1`))).toBe(true);
	expect(isSlow(new Request(`${URL}/api/mail`, { method: 'POST', body: form }))).toBe(true);
	expect(isSlow(new Request(`${URL}/api/gmail/labels`))).toBe(false);
	expect(isSlow(new Request(`${URL}/api/mail`, { method: 'POST', body: '{}' }))).toBe(false);
});
