// Delivers emails of Cloudflare Email Routing to AudioBrew. Variables of the worker: AUDIOBREW_URL, such as
// https://brew.example.org, and the secret AUDIOBREW_CLOUDFLARE_EMAIL_SECRET, the same as the server's.

const REASONS = {
	unknown: 'No such address',
	full: 'The inbox is full',
	unreadable: 'The email cannot be read'
};

async function sign(secret, message) {
	const hmac = { name: 'HMAC', hash: 'SHA-256' };
	const key = await crypto.subtle.importKey('raw', secret, hmac, false, ['sign']);
	const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
	return [...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export default {
	async email(message, env) {
		const timestamp = String(Math.floor(Date.now() / 1000));
		const head = new TextEncoder().encode(`${timestamp}\n${message.to}\n`);
		const body = new Uint8Array(await new Response(message.raw).arrayBuffer());
		const secret = new TextEncoder().encode(env.AUDIOBREW_CLOUDFLARE_EMAIL_SECRET);
		const signature = await sign(secret, await new Blob([head, body]).arrayBuffer());
		const response = await fetch(`${env.AUDIOBREW_URL}/api/inbound/cloudflare`, {
			method: 'POST',
			headers: {
				'Content-Type': 'message/rfc822',
				'X-Timestamp': timestamp,
				'X-Recipient': message.to,
				'X-Signature': signature
			},
			body
		});
		// The sender's server tries again later.
		if (!response.ok) throw new Error(`AudioBrew answered ${response.status}`);
		const { result } = await response.json();
		if (REASONS[result]) message.setReject(REASONS[result]);
	}
};
