"""Words for what triggers refuse."""

from django.utils.translation import gettext_lazy as _

from kaysis.common.errors import declare_constraint

MESSAGES = {
    "iyem_proxy_within_term": _(
        "Vekâlet ve imza devri, yerine imza atılan yöneticinin görev süresi içinde kalmalıdır."
    ),
    "iyem_not_own_proxy": _("Yönetici kendisine vekâlet edemez."),
    "iyem_proxy_within_absence": _(
        "Dolu kadroya vekâlet, asıl yöneticinin izinli ya da görevli olduğu süre içinde kalmalıdır."
    ),
    "iyem_proxy_is_present": _(
        "Vekil bu süre içinde kendisi izinli ya da görevli görünüyor; izinli olan vekâlet edemez."
    ),
    "iyem_no_circle": _("İki yönetici aynı sürede birbirine imza yetkisi devredemez."),
    "iyem_state_kept": _("Kaydedilmiş bir durum değiştirilemez; yenisi yazılır."),
    "iyem_state_copies": _("Görevin durumu göreviyle uyuşmuyor."),
}


def declare() -> None:
    for name, message in MESSAGES.items():
        declare_constraint(name, message)
