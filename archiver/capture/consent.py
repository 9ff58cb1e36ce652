"""Consent banners and covers: the buttons that let a visitor see the post, in a table.

Of a banner only the refusal is pressed, or what closes it without a choice: nobody has agreed to
anything. Names and ids are those that the consent platforms themselves document or ship; never a link,
never the button of a form.
"""

REFUSE = (
    "#onetrust-reject-all-handler",  # OneTrust
    "#CybotCookiebotDialogBodyButtonDecline",  # Cookiebot
    "#CybotCookiebotDialogBodyLevelButtonLevelOptinDeclineAll",
    "#didomi-notice-disagree-button",  # Didomi
    ".didomi-continue-without-agreeing",
    ".qc-cmp2-summary-buttons button[mode=secondary]",  # Quantcast, InMobi
    "[data-testid=uc-deny-all-button]",  # Usercentrics
    ".message-button.sp_choice_type_13",  # Sourcepoint: reject all
    "#truste-consent-required",  # TrustArc
    ".osano-cm-denyAll",  # Osano
    ".cmplz-deny",  # Complianz
    ".cky-btn-reject",  # CookieYes
    ".cm-btn-decline",  # Klaro
    "#tarteaucitronAllDenied2",  # tarteaucitron
    ".iubenda-cs-reject-btn",  # iubenda
    "[data-cookie-refuse]",  # Borlabs
    ".cc-deny",  # Cookie Consent
    "[data-cc=reject-all]",
    "#axeptio_btn_dismiss",  # Axeptio
    "#hs-eu-decline-button",  # HubSpot
    ".t-declineAllButton",  # Transcend
)
COVER = (
    r"^(view|show|see|click to (view|show|see|reveal)|tap to (view|see|show))"
    r"( (the )?(post|photo|video|media|image|content|tweet|nsfw|sensitive|mature|spoiler))*"
    r"( anyway)?[.!]?$"
)
"""What stands on the button of a cover over a sensitive picture, in English: visits ask for it."""
