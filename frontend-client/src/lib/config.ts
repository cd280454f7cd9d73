/**
 * Base URLs of the API, empty for the app's own origin, and the request timeout in milliseconds.
 *
 * `vercelUrl` is only set during the rollout, while there are two sides (see docs/rollout.md);
 * `baseUrl` is then the railway side.
 */
export const API_CONFIG = {
	baseUrl: __API_BASE_URL__,
	vercelUrl: __VERCEL_API_BASE_URL__,
	timeout: 30000
} as const;
