from django.urls import path

from assessments.form import (
    certificate,
    certifications,
    checking,
    clarification,
    codes,
    company,
    consultation,
    consultations,
    entrance,
    extension,
    handing,
    opt_out,
    overview,
    pages,
    proposing,
    removal,
    result,
)

app_name = "form"
urlpatterns = [
    path("r/<str:token>", entrance.start, name="start"),
    path("r/<str:token>/decline", entrance.decline, name="decline"),
    path("r/<str:token>/extension", extension.extension, name="extension_at_link"),
    path("o/<str:token>", opt_out.opt_out, name="opt_out"),
    path("declined", entrance.declined, name="declined"),
    path("f/<uuid:public_id>/", overview.overview, name="overview"),
    path("f/<uuid:public_id>/extension", extension.extension, name="extension"),
    path("f/<uuid:public_id>/code", codes.code, name="code"),
    path("f/<uuid:public_id>/answers/<int:number>", pages.answers, name="answers"),
    path("f/<uuid:public_id>/certifications", certifications.certifications, name="certifications"),
    path("f/<uuid:public_id>/certifications/add", certificate.add, name="add_certification"),
    path(
        "f/<uuid:public_id>/certifications/<uuid:certification_id>",
        certificate.change,
        name="certification",
    ),
    path(
        "f/<uuid:public_id>/certifications/<uuid:certification_id>/remove",
        removal.remove,
        name="remove_certification",
    ),
    path("f/<uuid:public_id>/company", company.company, name="company"),
    path("f/<uuid:public_id>/clarification", clarification.clarification, name="clarification"),
    path("f/<uuid:public_id>/consultations/", consultations.consultations, name="consultations"),
    path(
        "f/<uuid:public_id>/consultations/new/<str:kind>",
        consultations.open_consultation,
        name="open_consultation",
    ),
    path(
        "f/<uuid:public_id>/consultations/<uuid:consultation_id>",
        consultation.consultation,
        name="consultation",
    ),
    path(
        "f/<uuid:public_id>/consultations/<uuid:consultation_id>/propose",
        proposing.propose,
        name="propose",
    ),
    path(
        "f/<uuid:public_id>/consultations/<uuid:consultation_id>/proposals/<uuid:proposal_id>",
        proposing.answer,
        name="answer_proposal",
    ),
    path("f/<uuid:public_id>/check", checking.check, name="check"),
    path("f/<uuid:public_id>/submit", handing.submit, name="submit"),
    path("f/<uuid:public_id>/receipt", handing.receipt, name="receipt"),
    path("f/<uuid:public_id>/result", result.result, name="result"),
]
