"""Names to be put together by lot, and the titles that names of units call for."""

_GIVEN = """
Ahmet Ali Arda Aslı Aylin Aysun Bahar Barış Begüm Belgin Berk Betül Bora Burcu Bülent Can Cansu
Ceren Cihan Çağla Çetin Derya Dilek Doruk Ebru Ece Emine Emre Engin Erdem Esra Ezgi Ferhat Figen
Filiz Furkan Gamze Gizem Gül Gürkan Hakan Halil Handan Hasan Hatice Ilgın Irmak İlker İpek İrem
Kaan Kadir Leyla Levent Melih Meltem Merve Murat Nazlı Nihat Nuray Oğuz Okan Onur Orhan Ömer
Özge Özlem Pelin Pınar Rıza Seda Selim Serap Serkan Sevgi Sinan Suna Şebnem Şule Tamer Tuba
Tülay Uğur Ufuk Ümit Vedat Volkan Yasin Yavuz Yeliz Yunus Zafer Zerrin
"""
GIVEN = tuple(_GIVEN.split())
_FAMILY = """
Acar Akbaş Akın Aksoy Aktaş Alkan Altın Arı Aslan Ateşoğlu Avcı Aydemir Bal Baran Başar Bayram
Bilgin Bozkurt Bulut Can Ceylan Coşkun Çakır Çalışkan Çetin Çınar Dağ Demirci Dinç Doğru Duman
Durmaz Ekinci Er Erdoğdu Ergin Ertuğrul Esen Fidan Gedik Gök Gündüz Güler Güneşli Gürbüz Ilıca
Işık İnce İpekçi Kalkan Kaplan Kara Karaca Keskin Kılıç Koç Korkut Köse Kurt Küçük Mutlu Okur
Oral Öner Özcan Özdemir Özer Pek Polat Sağlam Sarı Sezer Soylu Şen Şimşek Tan Taş Tekin Toprak
Tuncer Turan Uçar Uysal Ünal Varol Yalçın Yavuz Yener Yurt Yüce Zengin
"""
FAMILY = tuple(_FAMILY.split())

# The first that the unit's name contains; what comes earlier is more special.
TITLES = (
    ("Genel Müdürlüğü", "Genel Müdür"),
    ("Daire Başkanlığı", "Daire Başkanı"),
    ("Bakanlığı", "Bakan"),
    ("Valiliği", "Vali"),
    ("Kaymakamlığı", "Kaymakam"),
    ("Büyükşehir Belediye", "Büyükşehir Belediye Başkanı"),
    ("Belediye", "Belediye Başkanı"),
    ("Üniversitesi", "Rektör"),
    ("Rektörlüğü", "Rektör"),
    ("Fakültesi", "Dekan"),
    ("Enstitüsü", "Enstitü Müdürü"),
    ("Okulu", "Okul Müdürü"),
    ("Lisesi", "Okul Müdürü"),
    ("Büyükelçiliği", "Büyükelçi"),
    ("Başkonsolosluğu", "Başkonsolos"),
    ("Müsteşarlığı", "Müsteşar"),
    ("Sekreterliği", "Genel Sekreter"),
    ("Müşavirliği", "Müşavir"),
    ("Şube Müdürlüğü", "Şube Müdürü"),
    ("Müdürlüğü", "Müdür"),
    ("Kurulu", "Kurul Başkanı"),
    ("Başkanlığı", "Başkan"),
    ("Kurumu", "Kurum Başkanı"),
)


def title_for(unit_name: str) -> str:
    return next((title for part, title in TITLES if part in unit_name), "Birim Amiri")
