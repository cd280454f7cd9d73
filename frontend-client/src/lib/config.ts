/** Where the API is, and how long to wait for an answer (milliseconds). Empty: where the app is. */
export const API_CONFIG = { baseUrl: __API_BASE_URL__, timeout: 30000 } as const;
