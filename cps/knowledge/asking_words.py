"""Words that ask and say nothing about what is asked, in the languages in which people ask."""

_WRITTEN = """
a about am an and any are as at be been by can could did do does for from get give go has have how i if in
into is it its like long may me much must my need of on one or our out should so some that the their them
there they this to up us want was we what when where which who whom whose why will with would you your
please hello help know

ada agar akan aku anda apa apakah bagaimana bagi berapa bila bisa boleh cara dan dapat dari dengan di
dimana harus ingin ini itu jika kalau kapan ke kenapa kita mana mau mengapa mohon oleh pada pak bu saya
sebuah siapa tolong untuk yang atau

ako ang ano anong ba kailan kailangan kung mga na nang ng paano para po saan sa sino

ai bao cach cho co cua dau de duoc gi khi khong lam la nao nhu o the thi toi va ve

al como con cual cuando cuanto del donde el en es esta hay la las lo los mi necesito por puedo que quien
quiero se si su un una y

au aux avec ce comment dans des du elle est et il je le les ma mes mon ou par peux pour puis quand quel
quelle qui quoi sur une veux vous

어떻게 어디 어디서 어디에 어디로 언제 언제까지 무엇 뭐 누가 누구 왜 얼마 얼마나 몇 좀 저 제 제가 우리 하고
싶어요 싶은데 있나요 있어요 되나요 되요 돼요 하나요 해요 해야 하려면 합니까 인가요 알려 알려주세요 주세요
방법 수 것 때
"""
"""English, Indonesian, Filipino, Vietnamese, Spanish, French, Korean, as they stand without accents."""

LEFT_OUT = frozenset(_WRITTEN.split())

KOREAN_ENDINGS = (
    *("하려면", "할까요", "하나요", "되나요", "합니까", "됩니까", "인가요", "싶어요"),
    *("습니다", "해야", "하고", "하는", "하면", "나요", "까요", "어요", "아요", "해요"),
    *("려면", "는데", "니까", "네요", "세요", "할"),
)
"""What sticks to the end of a Korean verb or noun where somebody asks; the longest first."""

THAI_LEFT_OUT = (
    *("อย่างไร", "ยังไง", "ที่ไหน", "เมื่อไหร่", "เมื่อไร", "เท่าไหร่", "เท่าไร", "หรือไม่"),
    *("ต้อง", "อยาก", "ฉัน", "ผม", "ดิฉัน", "ครับ", "ค่ะ", "คะ", "ไหม", "อะไร", "ใคร", "ทำ", "ได้"),
)
"""Thai has no spaces around what asks, so it is taken out before words are cut."""
