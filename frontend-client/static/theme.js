// Runs before the first paint; a file, not inline, so that the security policy needs no exception.
(() => {
	const device = matchMedia('(prefers-color-scheme: dark)');
	const show = () => {
		let chosen = null;
		try {
			chosen = localStorage.getItem('theme');
		} catch {
			// This browser keeps nothing: the device decides.
		}
		document.documentElement.classList.toggle('dark', chosen ? chosen === 'dark' : device.matches);
	};
	show();
	device.addEventListener('change', show);
})();
