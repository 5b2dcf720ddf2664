"""Sign-in, and the signed-in area that every subsystem adds its own pages to."""

from django.urls import URLPattern, URLResolver, include, path

from kaysis.accounts import methods
from kaysis.accounts.views import account, home, people, roles, sign_in

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("giris/", sign_in.SignInPage.as_view(), name="sign_in"),
    path("cikis/", sign_in.sign_out_view, name="sign_out"),
    path("yetkili/", home.Home.as_view(), name="home"),
    path("yetkili/bildirimler/", home.Notifications.as_view(), name="notifications"),
    path(
        "yetkili/bildirimler/okundu/",
        home.ReadAllNotifications.as_view(),
        name="read_all_notifications",
    ),
    path(
        "yetkili/bildirimler/<int:pk>/",
        home.OpenNotification.as_view(),
        name="open_notification",
    ),
    path("yetkili/hesabim/", account.Account.as_view(), name="account"),
    path("yetkili/hesabim/iletisim/", account.EditContact.as_view(), name="edit_contact"),
    path(
        "yetkili/hesabim/oturumlar/sonlandir/",
        account.EndOtherSignIns.as_view(),
        name="end_other_sign_ins",
    ),
    path(
        "yetkili/hesabim/oturumlar/<uuid:key>/sonlandir/",
        account.EndSignIn.as_view(),
        name="end_sign_in",
    ),
    path("yetkili/yetkiler/", roles.GrantList.as_view(), name="grants"),
    path("yetkili/yetkiler/<int:pk>/", roles.GrantPage.as_view(), name="grant"),
    path("yetkili/yetkiler/<int:pk>/kaldir/", roles.Revoke.as_view(), name="revoke"),
    path("yetkili/kisiler/", people.PersonSearch.as_view(), name="people"),
    path("yetkili/kisiler/yeni/", people.RegisterPerson.as_view(), name="register_person"),
    path("yetkili/kisiler/<uuid:public_id>/", people.PersonPage.as_view(), name="person"),
    path("yetkili/kisiler/<uuid:public_id>/yetki-ver/", roles.Grant.as_view(), name="grant_role"),
    path("yetkili/kisiler/<uuid:public_id>/durum/", people.SetActive.as_view(), name="set_active"),
]

urlpatterns += [
    path(f"giris/{method.key}/", include(list(method.urlpatterns())))
    for method in methods.mounted()
    if method.urlpatterns()
]
