"""A document that the platform signs as a PDF: PAdES baseline B-B (ETSI EN 319 142-1), by the key of its documents.

The signature stands behind the document as an incremental update: the bytes before it are those that were laid out. It
certifies the document and allows no change (DocMDP 1).
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from shuniu.trust.api import document_certificate, sign_document

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

FIELD = "Platform"


def signed(document: bytes, reason: str) -> bytes:
    """The document with the platform's signature; `reason` is what a PDF reader shows beside it."""
    # Imported when the first document is signed: it takes a third of a second, which no other page needs.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    terms = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason, certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )  # fmt: skip
    made = PdfSigner(terms, _signer()).sign_pdf(IncrementalPdfFileWriter(BytesIO(document)))
    return bytes(made.getvalue())


@lru_cache(maxsize=1)
def _signer() -> Signer:
    from asn1crypto.algos import SignedDigestAlgorithm
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Platform(Signer):
        """Asks the trust engine for each signature: the key itself never comes here."""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return sign_document(data)

    nobody = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyhanko leaves its constructor unannotated
    return Platform(
        signing_cert=Certificate.load(document_certificate()), cert_registry=nobody,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )  # fmt: skip
