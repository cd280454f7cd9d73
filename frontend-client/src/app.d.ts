declare global {
	/** Base URL of the API if it is not served from the app's own origin; otherwise empty. */
	const __API_BASE_URL__: string;
	/** Base URL of the vercel side's API; empty if it is not served separately. */
	const __VERCEL_API_BASE_URL__: string;
}

export {};
