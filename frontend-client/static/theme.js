// Applies the theme before the first paint. A file of its own, because the content security policy
// forbids inline scripts.
(() => {
	const prefersDark = matchMedia('(prefers-color-scheme: dark)');
	const applyTheme = () => {
		let theme = null;
		try {
			theme = localStorage.getItem('theme');
		} catch {
			// Storage is blocked: use the device's setting.
		}
		document.documentElement.classList.toggle(
			'dark',
			theme ? theme === 'dark' : prefersDark.matches
		);
	};
	applyTheme();
	prefersDark.addEventListener('change', applyTheme);
})();
