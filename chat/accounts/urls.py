"""The addresses of accounts: pages for people."""

from django.urls import path

from chat.accounts.views import account, join
from chat.transfer import views as transfer

urlpatterns = [
    path("join/", join.join, name="join"),
    path("join/elsewhere/", join.elsewhere, name="join-elsewhere"),
    path("invite/<str:code>/", join.invitation, name="invite"),
    path("leave/", join.leave, name="leave"),
    path("account/", account.account, name="account"),
    path("account/title/", account.change_title, name="account-title"),
    path("account/password/", account.change_password, name="account-password"),
    path("account/tokens/", account.make_token, name="account-token"),
    path("account/tokens/<int:pk>/revoke/", account.revoke_token, name="account-token-revoke"),
    path("account/invites/", account.make_invite, name="account-invite"),
    path("account/invites/withdraw/", account.withdraw_invite, name="account-invite-withdraw"),
    path("account/download/", transfer.page, name="download"),
    path("account/download/ask/", transfer.ask, name="download-ask"),
    path("account/download/revoke/", transfer.revoke, name="download-revoke"),
    path("account/download/<str:token>/", transfer.fetch, name="download-fetch"),
    path("account/delete/", account.delete_account, name="account-delete"),
]
