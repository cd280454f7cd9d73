declare global {
	/** Origin and path of the API when it is not served from where the app is; else empty. */
	const __API_BASE_URL__: string;
}

export {};
