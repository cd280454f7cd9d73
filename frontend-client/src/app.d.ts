declare global {
	/** Origin and path of the API when it is not served from where the app is; else empty. */
	const __API_BASE_URL__: string;
	/** The same of the vercel side. */
	const __VERCEL_API_BASE_URL__: string;
}

export {};
