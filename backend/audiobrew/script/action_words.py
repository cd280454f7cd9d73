"""Words of advertising and of instructions, which the name of a newsletter or of a host must not contain.

The calls to action of the languages' files would refuse plain names, because they include words such as
book, text and order.
"""

_ACTION_WORD_LIST = """
    act apply bet bid bonus buy call casino cash claim click code codes confirm coupon deal deals
    deposit discount donate download earn enter free gift giveaway hurry install invest join login
    lottery offer order password pay pin prize promo promotion redeem refund register reply sale
    save sell send sign spend subscribe transfer unlock update urgent verify visit voucher wallet
    win winner angebot anruf anrufen bestell bestellen besuch besuche besuchen bezahl gewinn gewinne
    gewinnen gratis gutschein jetzt kauf kaufe kaufen kauft klick klicke klicken kostenlos passwort
    rabatt ruf rufen sende senden sichere spar spare sparen spende überweise verkauf verkaufen
    achetez acheter appelez appeler cadeau cliquez cliquer commandez envoyez gagnez gagner gratuit
    gratuite offre payez remise téléchargez vendez visitez compra compre comprad compren código
    descuento envía gana ganar ganad haz llama llame oferta paga pide regala regalo sorteo vende
    visita visite acquista acquistate chiama chiamate clicca cliccate codice comprate invia ordina
    sconto vendi vinci vincete clique desconto envie ganhe grátis ligue pague peça venda bel betaal
    klik koop korting stuur verkoop
"""
ACTION_WORDS = frozenset(_ACTION_WORD_LIST.split())
