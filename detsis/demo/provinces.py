"""The country outside the centre: what stands in every province and district, and universities."""

# (below which institution, name after the province's, status code)
PROVINCIAL = [
    ("Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü", "İl Nüfus ve Vatandaşlık Müdürlüğü", 33),
    ("Emniyet Genel Müdürlüğü", "İl Emniyet Müdürlüğü", 33),
    ("Jandarma Genel Komutanlığı", "İl Jandarma Komutanlığı", 35),
    ("Göç İdaresi Başkanlığı", "İl Göç İdaresi Müdürlüğü", 33),
    ("Afet ve Acil Durum Yönetimi Başkanlığı", "İl Afet ve Acil Durum Müdürlüğü", 33),
    ("Millî Eğitim Bakanlığı", "İl Millî Eğitim Müdürlüğü", 33),
    ("Sağlık Bakanlığı", "İl Sağlık Müdürlüğü", 33),
    ("Tarım ve Orman Bakanlığı", "İl Tarım ve Orman Müdürlüğü", 33),
    ("Kültür ve Turizm Bakanlığı", "İl Kültür ve Turizm Müdürlüğü", 33),
    ("Gençlik ve Spor Bakanlığı", "Gençlik ve Spor İl Müdürlüğü", 33),
    ("Aile ve Sosyal Hizmetler Bakanlığı", "Aile ve Sosyal Hizmetler İl Müdürlüğü", 33),
    (
        "Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
        "Çevre, Şehircilik ve İklim Değişikliği İl Müdürlüğü",
        33,
    ),
    ("Sanayi ve Teknoloji Bakanlığı", "Sanayi ve Teknoloji İl Müdürlüğü", 33),
    ("Ticaret Bakanlığı", "Ticaret İl Müdürlüğü", 33),
    ("Hazine ve Maliye Bakanlığı", "Defterdarlığı", 38),
    ("Türkiye İş Kurumu Genel Müdürlüğü", "Çalışma ve İş Kurumu İl Müdürlüğü", 33),
    ("Sosyal Güvenlik Kurumu Başkanlığı", "Sosyal Güvenlik İl Müdürlüğü", 33),
    ("Diyanet İşleri Başkanlığı", "İl Müftülüğü", 37),
]
GOVERNORSHIP_UNITS = (
    "İl Yazı İşleri Müdürlüğü",
    "İl İdare Kurulu Müdürlüğü",
    "İl Planlama ve Koordinasyon Müdürlüğü",
    "İl Sosyal Etüt ve Proje Müdürlüğü",
    "İl Basın ve Halkla İlişkiler Müdürlüğü",
    "Özel Kalem Müdürlüğü",
)
# (name of the provincial unit it hangs below, name after the district's, status code)
DISTRICT = [
    ("İl Nüfus ve Vatandaşlık Müdürlüğü", "İlçe Nüfus Müdürlüğü", 34),
    ("İl Millî Eğitim Müdürlüğü", "İlçe Millî Eğitim Müdürlüğü", 34),
    ("İl Sağlık Müdürlüğü", "İlçe Sağlık Müdürlüğü", 34),
    ("İl Tarım ve Orman Müdürlüğü", "İlçe Tarım ve Orman Müdürlüğü", 34),
    ("İl Emniyet Müdürlüğü", "İlçe Emniyet Müdürlüğü", 34),
    ("İl Müftülüğü", "İlçe Müftülüğü", 37),
    ("Gençlik ve Spor İl Müdürlüğü", "Gençlik ve Spor İlçe Müdürlüğü", 34),
    ("Defterdarlığı", "Malmüdürlüğü", 34),
]
EDUCATION_UNITS = (
    (21291472, "Temel Eğitim Şube Müdürlüğü"),
    (63971525, "Ortaöğretim Şube Müdürlüğü"),
    (87302975, "Özel Eğitim ve Rehberlik Şube Müdürlüğü"),
    (91571118, "Özel Öğretim Şube Müdürlüğü"),
    (14588481, "Strateji Geliştirme Şube Müdürlüğü"),
)
# Real numbers that are known, by (plate, name).
KNOWN = {
    (6, "Ankara Valiliği"): 10213773,
    (6, "Yenimahalle Kaymakamlığı"): 56248377,
    (6, "Ankara İl Millî Eğitim Müdürlüğü"): 55461037,
    (6, "Yenimahalle İlçe Millî Eğitim Müdürlüğü"): 93213107,
    (6, "Mamak İlçe Millî Eğitim Müdürlüğü"): 59526691,
    (6, "Ankara Büyükşehir Belediye Başkanlığı"): 24432702,
    (6, "Çankaya Belediye Başkanlığı"): 90226917,
    (6, "Yenimahalle Belediye Başkanlığı"): 65859045,
}
METROPOLITAN = {
    1, 6, 7, 9, 10, 16, 20, 21, 25, 26, 27, 31, 33, 34, 35, 38, 41, 42, 44, 45, 46, 47, 48, 52, 54,
    55, 59, 61, 63, 65,
}  # fmt: skip
# Water and sewerage authorities of the metropolitan municipalities: plate → (number, short name).
WATER = {
    1: (37609250, "ASKİ"),
    6: (39182813, "ASKİ"),
    7: (98741390, "ASAT"),
    9: (88606772, "ASKİ"),
    10: (15884763, "BASKİ"),
    16: (66170681, "BUSKİ"),
    20: (89114452, "DESKİ"),
    21: (40430699, "DİSKİ"),
    25: (71957391, "ESKİ"),
    26: (15074753, "ESKİ"),
    27: (16330667, "GASKİ"),
    31: (41736506, "HATSU"),
    33: (10655259, "MESKİ"),
    34: (19394389, "İSKİ"),
    35: (52158563, "İZSU"),
    38: (93326652, "KASKİ"),
    41: (37801275, "İSU"),
    42: (12066277, "KOSKİ"),
    44: (41668568, "MASKİ"),
    45: (84120892, "MASKİ"),
    46: (52327194, "KASKİ"),
    47: (24894789, "MARSU"),
    48: (52914738, "MUSKİ"),
    52: (94384226, "OSKİ"),
    54: (87494595, "SASKİ"),
    55: (29764081, "SASKİ"),
    59: (31616290, "TESKİ"),
    61: (72009125, "TİSKİ"),
    63: (56353920, "ŞUSKİ"),
    65: (94255678, "VASKİ"),
}
YENIMAHALLE = [
    (15986609, "Yazı İşleri Müdürlüğü"),
    (43195403, "Mali Hizmetler Müdürlüğü"),
    (18426575, "İmar ve Şehircilik Müdürlüğü"),
    (53265760, "Yapı Kontrol Müdürlüğü"),
    (59553370, "Ruhsat ve Denetim Müdürlüğü"),
    (50719027, "Zabıta Müdürlüğü"),
    (33152401, "Fen İşleri Müdürlüğü"),
    (83011479, "Temizlik İşleri Müdürlüğü"),
    (10578106, "Hukuk İşleri Müdürlüğü"),
    (26888327, "Muhtarlık İşleri Müdürlüğü"),
]
# plate: names without "Üniversitesi"
UNIVERSITIES = """
1 Çukurova;Adana Alparslan Türkeş Bilim ve Teknoloji|2 Adıyaman|3 Afyon Kocatepe
4 Ağrı İbrahim Çeçen|5 Amasya|6 Ankara;Gazi;Hacettepe;Orta Doğu Teknik;Ankara Yıldırım Beyazıt
6 Ankara Hacı Bayram Veli;Ankara Sosyal Bilimler;Ankara Müzik ve Güzel Sanatlar
7 Akdeniz;Alanya Alaaddin Keykubat|8 Artvin Çoruh|9 Aydın Adnan Menderes|10 Balıkesir
11 Bilecik Şeyh Edebali|12 Bingöl|13 Bitlis Eren|14 Bolu Abant İzzet Baysal
15 Burdur Mehmet Akif Ersoy|16 Bursa Uludağ;Bursa Teknik|17 Çanakkale Onsekiz Mart
18 Çankırı Karatekin|19 Hitit|20 Pamukkale|21 Dicle|22 Trakya|23 Fırat|24 Erzincan Binali Yıldırım
25 Atatürk;Erzurum Teknik|26 Anadolu;Eskişehir Osmangazi;Eskişehir Teknik|27 Gaziantep|28 Giresun
29 Gümüşhane|30 Hakkâri|31 Hatay Mustafa Kemal;İskenderun Teknik|32 Süleyman Demirel|33 Mersin
34 İstanbul;İstanbul Teknik;Boğaziçi;Marmara;Yıldız Teknik;Mimar Sinan Güzel Sanatlar;Galatasaray
35 Ege;Dokuz Eylül;İzmir Yüksek Teknoloji Enstitüsü;İzmir Kâtip Çelebi|36 Kafkas|37 Kastamonu
38 Erciyes;Abdullah Gül|39 Kırklareli|40 Kırşehir Ahi Evran|41 Kocaeli;Gebze Teknik
42 Selçuk;Necmettin Erbakan;Konya Teknik|43 Kütahya Dumlupınar|44 İnönü|45 Manisa Celâl Bayar
46 Kahramanmaraş Sütçü İmam|47 Mardin Artuklu|48 Muğla Sıtkı Koçman|49 Muş Alparslan
50 Nevşehir Hacı Bektaş Veli|51 Niğde Ömer Halisdemir|52 Ordu|53 Recep Tayyip Erdoğan|54 Sakarya
55 Ondokuz Mayıs|56 Siirt|57 Sinop|58 Sivas Cumhuriyet|59 Tekirdağ Namık Kemal
60 Tokat Gaziosmanpaşa|61 Karadeniz Teknik;Trabzon|62 Munzur|63 Harran|64 Uşak|65 Van Yüzüncü Yıl
66 Yozgat Bozok|67 Zonguldak Bülent Ecevit|68 Aksaray|69 Bayburt|70 Karamanoğlu Mehmetbey
71 Kırıkkale|72 Batman|73 Şırnak|74 Bartın|75 Ardahan|76 Iğdır|77 Yalova|78 Karabük
79 Kilis 7 Aralık|80 Osmaniye Korkut Ata|81 Düzce
3 Afyonkarahisar Sağlık Bilimleri|10 Bandırma Onyedi Eylül|27 Gaziantep İslam Bilim ve Teknoloji
32 Isparta Uygulamalı Bilimler|33 Tarsus|34 İstanbul Medeniyet;Sağlık Bilimleri;Türk-Alman
34 İstanbul-Cerrahpaşa|35 İzmir Demokrasi;İzmir Bakırçay|38 Kayseri|43 Kütahya Sağlık Bilimleri
44 Malatya Turgut Özal|46 Kahramanmaraş İstiklal|54 Sakarya Uygulamalı Bilimler|55 Samsun
58 Sivas Bilim ve Teknoloji
"""
FOUNDATION_UNIVERSITIES = """
6 İhsan Doğramacı Bilkent;Başkent;Atılım;Çankaya;TED;TOBB Ekonomi ve Teknoloji;Ufuk;Lokman Hekim
6 Ankara Bilim;Ankara Medipol;OSTİM Teknik;Yüksek İhtisas;Türk Hava Kurumu
7 Alanya;Antalya Bilim;Antalya Belek|16 Mudanya|27 Hasan Kalyoncu;Sanko|33 Çağ;Toros
34 Acıbadem Mehmet Ali Aydınlar;Altınbaş;Bahçeşehir;Beykoz;Bezmialem Vakıf;Biruni;Demiroğlu Bilim
34 Doğuş;Fatih Sultan Mehmet Vakıf;Fenerbahçe;Haliç;Işık;İbn Haldun;İstanbul 29 Mayıs;İstanbul Arel
34 İstanbul Atlas;İstanbul Aydın;İstanbul Beykent;İstanbul Bilgi;İstanbul Esenyurt;İstanbul Galata
34 İstanbul Gedik;İstanbul Gelişim;İstanbul Kent;İstanbul Kültür;İstanbul Medipol
34 İstanbul Nişantaşı;İstanbul Okan;İstanbul Rumeli;İstanbul Sabahattin Zaim
34 İstanbul Sağlık ve Teknoloji;İstanbul Ticaret;İstanbul Topkapı;İstanbul Yeni Yüzyıl;İstinye
34 Kadir Has;Koç;Maltepe;MEF;Özyeğin;Piri Reis;Sabancı;Üsküdar;Yeditepe
35 İzmir Ekonomi;İzmir Tınaztepe;Yaşar|38 Nuh Naci Yazgan|41 Kocaeli Sağlık ve Teknoloji
42 KTO Karatay;Konya Gıda ve Tarım|50 Kapadokya|61 Avrasya
"""
UNIVERSITY_NUMBERS = {"Gazi": 39985474, "Sakarya": 35955870}
UNIVERSITY_UNITS = [
    ("Genel Sekreterlik", 16),
    ("Personel Daire Başkanlığı", 11),
    ("Öğrenci İşleri Daire Başkanlığı", 11),
    ("Bilgi İşlem Daire Başkanlığı", 11),
    ("Strateji Geliştirme Daire Başkanlığı", 11),
    ("Sağlık, Kültür ve Spor Daire Başkanlığı", 11),
    ("Mühendislik Fakültesi Dekanlığı", 51),
    ("Eğitim Fakültesi Dekanlığı", 51),
    ("İktisadi ve İdari Bilimler Fakültesi Dekanlığı", 51),
    ("Fen-Edebiyat Fakültesi Dekanlığı", 51),
    ("Lisansüstü Eğitim Enstitüsü Müdürlüğü", 52),
]
UNIVERSITY_UNIT_NUMBERS = {
    ("Gazi", "Genel Sekreterlik"): 82642947,
    ("Gazi", "Öğrenci İşleri Daire Başkanlığı"): 17311665,
    ("Gazi", "Personel Daire Başkanlığı"): 42218640,
    ("Gazi", "Mühendislik Fakültesi Dekanlığı"): 43123369,
    ("Gazi", "Sağlık, Kültür ve Spor Daire Başkanlığı"): 98244303,
}
SCHOOL_NAMES = (
    "Cumhuriyet|Atatürk|Fatih|Mimar Sinan|Barbaros|Yunus Emre|Mevlâna|Namık Kemal|Gazi|Zafer|İnönü"
    "|Kurtuluş|Barış|Yavuz Selim|Kanunî|Hürriyet|Yeşilyurt|Bahçelievler|Çamlık|Pınarbaşı|Esentepe"
)
SCHOOL_KINDS = ("İlkokulu", "Ortaokulu", "Anadolu Lisesi", "Anaokulu", "Meslekî ve Teknik Lisesi")
