package io.millrace.natives;

import java.util.List;

/**
 * Every C symbol that this package calls, so that a library which lacks one is refused when it is loaded and not at the
 * first call. {@link SodiumLibrary#function} gives no other symbol.
 */
final class SodiumSymbols {
    static final List<String> REQUIRED = List.of(
            // SodiumLibrary
            "sodium_init",
            "sodium_version_string",
            // SodiumAead
            "crypto_aead_chacha20poly1305_ietf_abytes",
            "crypto_aead_chacha20poly1305_ietf_decrypt_detached",
            "crypto_aead_chacha20poly1305_ietf_encrypt_detached",
            "crypto_aead_chacha20poly1305_ietf_keybytes",
            "crypto_aead_chacha20poly1305_ietf_npubbytes",
            // SodiumBlake2b
            "crypto_generichash_blake2b",
            "crypto_generichash_blake2b_bytes_max",
            "crypto_generichash_blake2b_bytes_min",
            "crypto_generichash_blake2b_keybytes_max",
            "crypto_generichash_blake2b_keybytes_min",
            "crypto_generichash_blake2b_personalbytes",
            "crypto_generichash_blake2b_salt_personal",
            "crypto_generichash_blake2b_saltbytes",
            // SodiumChaCha20
            "crypto_stream_chacha20_ietf",
            "crypto_stream_chacha20_ietf_keybytes",
            "crypto_stream_chacha20_ietf_noncebytes",
            "crypto_stream_chacha20_ietf_xor_ic",
            // SodiumCoreEd25519
            "crypto_core_ed25519_add",
            "crypto_core_ed25519_bytes",
            "crypto_core_ed25519_from_uniform",
            "crypto_core_ed25519_is_valid_point",
            "crypto_core_ed25519_nonreducedscalarbytes",
            "crypto_core_ed25519_scalar_add",
            "crypto_core_ed25519_scalar_invert",
            "crypto_core_ed25519_scalar_mul",
            "crypto_core_ed25519_scalar_negate",
            "crypto_core_ed25519_scalar_reduce",
            "crypto_core_ed25519_scalar_sub",
            "crypto_core_ed25519_scalarbytes",
            "crypto_core_ed25519_sub",
            "crypto_core_ed25519_uniformbytes",
            // SodiumEd25519
            "crypto_sign_ed25519_bytes",
            "crypto_sign_ed25519_detached",
            "crypto_sign_ed25519_publickeybytes",
            "crypto_sign_ed25519_secretkeybytes",
            "crypto_sign_ed25519_seed_keypair",
            "crypto_sign_ed25519_seedbytes",
            "crypto_sign_ed25519_verify_detached",
            // SodiumHmacSha256
            "crypto_auth_hmacsha256_bytes",
            "crypto_auth_hmacsha256_final",
            "crypto_auth_hmacsha256_init",
            "crypto_auth_hmacsha256_keybytes",
            "crypto_auth_hmacsha256_statebytes",
            "crypto_auth_hmacsha256_update",
            "crypto_auth_hmacsha256_verify",
            // SodiumMemory
            "sodium_free",
            "sodium_is_zero",
            "sodium_malloc",
            "sodium_memcmp",
            "sodium_memzero",
            "sodium_mlock",
            "sodium_munlock",
            // SodiumPoly1305
            "crypto_onetimeauth_poly1305",
            "crypto_onetimeauth_poly1305_bytes",
            "crypto_onetimeauth_poly1305_keybytes",
            "crypto_onetimeauth_poly1305_verify",
            // SodiumRandom
            "randombytes_buf",
            // SodiumScalarmultEd25519
            "crypto_scalarmult_ed25519_base_noclamp",
            "crypto_scalarmult_ed25519_bytes",
            "crypto_scalarmult_ed25519_noclamp",
            "crypto_scalarmult_ed25519_scalarbytes",
            // SodiumSha256
            "crypto_hash_sha256",
            "crypto_hash_sha256_bytes",
            "crypto_hash_sha256_final",
            "crypto_hash_sha256_init",
            "crypto_hash_sha256_statebytes",
            "crypto_hash_sha256_update",
            // SodiumSha512
            "crypto_hash_sha512",
            "crypto_hash_sha512_bytes",
            "crypto_hash_sha512_final",
            "crypto_hash_sha512_init",
            "crypto_hash_sha512_statebytes",
            "crypto_hash_sha512_update",
            // SodiumX25519
            "crypto_scalarmult_curve25519",
            "crypto_scalarmult_curve25519_base",
            "crypto_scalarmult_curve25519_bytes",
            "crypto_scalarmult_curve25519_scalarbytes");

    private SodiumSymbols() {}
}
