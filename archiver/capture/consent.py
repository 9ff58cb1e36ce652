"""Consent banners and covers: the buttons that let a visitor see the post, in a table.

Of a banner only the refusal is pressed, or what closes it without a choice: nobody has agreed to
anything. Names and ids are those that the consent platforms themselves document or ship. A banner of a site's own
making is known by its words: a refusal on a button, in something that lies over the page and speaks of
cookies or of privacy. Never a link, never the button of a form.
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
REFUSALS = (
    r"(reject|decline|refuse|deny)( (all|everything))?( (optional|additional|non-?essential|unnecessary))?",
    r"((only|accept|allow|use) ){0,2}(strictly )?(necessary|essential|required)( only)?",
    r"continue without (accepting|agreeing)|(i )?disagree",
    r"(alle(s)? )?ablehnen|nur (technisch )?(notwendige|erforderliche|essenzielle)( (akzeptieren|zulassen|erlauben))?",
    r"(tout|tous) refuser|refuser( (tout|tous))?|rejeter( tout)?|continuer sans accepter",
    r"rechazar( tod[oa]s?)?|sólo (las )?(necesarias|esenciales)|continuar sin aceptar",
    r"rifiuta( tutt[oi])?|continua senza accettare|solo (i )?(necessari|essenziali)",
    r"(rejeitar|recusar)( tudo| tod[oa]s)?|apenas (os )?(necessários|essenciais)",
    r"(alles )?(weigeren|afwijzen)|alleen (noodzakelijke|functionele)",
    r"odrzuć( wszystkie)?|tylko niezbędne|odmítnout( vše)?|pouze nezbytné",
    r"respinge( (tot|toate))?|refuză?( (tot|toate))?|doar (cele )?necesare|elutasít(om|ás)?",
    r"(avvisa|neka)( alla)?|(afvis|avvis)( alle)?|endast nödvändiga|kun nødvendige|hylkää( kaikki)?",
    r"отклонить( все)?|відхилити( вс[еі])?",
    r"(tümünü )?reddet|απόρριψη( όλων)?",
    r"(すべて)?拒否(する)?|(全部)?拒[绝絕]|(모두 )?거부",
)
"""What stands on a button that refuses, in a score of languages; `cookies` may follow."""
SPEAKS_OF = (
    "cookie|consent|privac|privat|datenschutz|einwillig|confidential|traceur|riservatezz|ciastecz|prywatn|"
    "кук|конфі?и?денц|クッキー|隐私|隱私|쿠키"
)
"""What such a banner speaks of."""
COVER = (
    r"^(view|show|see|click to (view|show|see|reveal)|tap to (view|see|show))"
    r"( (the )?(post|photo|video|media|image|content|tweet|nsfw|sensitive|mature|spoiler))*"
    r"( anyway)?[.!]?$"
)
"""What stands on the button of a cover over a sensitive picture, in English: visits ask for it."""
