"""Short invented laws in the forms that real consolidated texts have."""

LAW = """# ÖRNEK KURUMUN KURULUŞU HAKKINDA KANUN (No. 9001)

> Resmî Gazete: 2004-05-07 / 25455

---

ÖRNEK KURUMUN
KURULUŞU HAKKINDA KANUN
[1]

Kanun
Numarası : 9001

Kabul
Tarihi : 4/5/2004

Yayımlandığı
Resmî Gazete : Tarih : 7/5/2004 Sayı : 25455 (Mükerrer)

Yayımlandığı Düstur : Tertip : 5 Cilt :
43 Sayfa : 12

BİRİNCİ
KISIM

Genel Hükümler

BİRİNCİ BÖLÜM

Amaç ve
Kapsam

Amaç

Madde
1-
Bu Kanunun amacı, kurumun
görevlerini düzenlemektir.

Kapsam

Madde 2 – (Değişik: 12/7/2013-6495/33 md.)

Bu Kanun bütün birimlere uygulanır.

(Ek fıkra: 2/7/2018-KHK-703/5 md.) 10/12/2003 tarihli ve 5018 sayılı Kamu Malî
Yönetimi ve Kontrol Kanununun 3 üncü maddesinin (b) bendi saklıdır.

(Mülga üçüncü fıkra: 1/2/2018-7079/17 md.)

İKİNCİ BÖLÜM

Tanımlar

Tanımlar

MADDE 3- (1) Bu Kanunda geçen;

a) Başkan: Kurum
başkanını,

b) (Ek: 4/6/2016-6719/4 md.) Kurul: Aşağıdaki üyelerden oluşan;

1) Başkan,

2) İki üye,

toplamı,

c) Kurum: Örnek
Kurumu,

ifade eder.

(2) Başkan üç yıl için (…)
[2]

seçilir.

Madde 3/A- Ek görev verilemez.

Ek Madde 1 – (Ek: 5/5/2005-5335/2 md.; Mülga: 31/5/2006-5510/106 md.)

Mükerrer Madde 3 – Bu maddenin yeri ayrıdır.

Geçici Madde 1- Kadrolar bir yıl içinde ihdas edilir.

Yürürlük

Madde 4 ilâ 6 – (Mülga: 1/1/2010-5951/1 md.)

9001
SAYILI KANUNA EK VE DEĞİŞİKLİK GETİREN MEVZUATIN

YÜRÜRLÜĞE GİRİŞ TARİHİNİ GÖSTERİR LİSTE

Değiştiren Kanunun/ KHK’nin Numarası

9001 Sayılı Kanunun Değişen Maddeleri

Yürürlüğe Giriş Tarihi

6495

2, Ek Madde 1, 3/A

2/8/2013

Anayasa Mahkemesi’nin 4/12/2014 tarihli ve

E.: 2013/114, K.: 2014/184 sayılı Kararı

2

16/7/2015

KHK/703

2, Geçici Madde 1

24/6/2018 tarihinde andiçerek göreve
başladığı tarihte (9/7/2018)

[1]
Bu Kanunun adı 6495 sayılı Kanunun 1 inci maddesiyle değiştirilmiştir.

[2]

Bu ibare metinden çıkarılmıştır.
"""

COMPANION = """ÖRNEK KANUNUN YÜRÜRLÜKTEN

KALDIRILMIŞ HÜKÜMLERİ

Kanun Numarası : 9001

1- 17/5/1987 tarih ve 3361 sayılı Kanun ile yürürlükten kaldırılmış ve değiştirilmiş
olan hükümlerin metinleri. (Madde numaraları: 67, 75)

Madde 67 fıkra üç – (18/10/1982 tarih ve 2709 sayılı Kanunun
hükmüdür.)

Yirmi yaşını dolduran herkes oy verir.

Madde 75 – (18/10/1982 tarih ve 2709 sayılı Kanunun hükmüdür.)

Kurul dörtyüz üyelidir.

2 – 8/7/1993 tarih ve 486 sayılı KHK ile yürürlükten kaldırılmış olan hükümlerin metinleri:

Madde 75 – (17/5/1987 tarih ve 3361 sayılı Kanunun hükmüdür.)

Kurul dörtyüzelli üyelidir.
"""

OLD_LAW = """3959

ESKİ KANUN
(1)

Kanun Numarası : 901

Madde 1 – Memurlar, yetkilerini
kullanırken
(2)

——————————

(1) Bu Kanunun adı değiştirilmiştir.

(2) Bu fıkra 1/1/1990 tarih ve 3600 sayılı
Kanunla eklenmiştir.

3960

tarafsız davranırlar.

Madde 2 – Bu Kanun yayımı tarihinde yürürlüğe girer.

9/5/1980 TARİHLİ VE 901 SAYILI KANUNA İŞLENEMEYEN HÜKÜMLER

1) 4/8/1999 tarih ve 4432 sayılı Kanunun Geçici Maddesi:

Geçici Madde 1 – Aylıklar yeniden bağlanır.
"""
