/**
 * Where the API is, and how long to wait for an answer (milliseconds). Empty: where the app is.
 *
 * `baseUrl` is the railway side, or whatever else serves; `vercelUrl` is the vercel side, while there
 * are two (see docs/rollout.md).
 */
export const API_CONFIG = {
	baseUrl: __API_BASE_URL__,
	vercelUrl: __VERCEL_API_BASE_URL__,
	timeout: 30000
} as const;
