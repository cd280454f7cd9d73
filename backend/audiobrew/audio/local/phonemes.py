"""What engines that read espeak-ng's phonemes share."""

import re

PUNCTUATION = re.compile(r"""([;:,.!?¡¿—…"«»“”()]+\s*)""")
