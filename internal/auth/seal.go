package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// Seal encrypts text with a key of 32 bytes, by AES-256-GCM. The error is that of a key of another length.
func Seal(key, text []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(nil, nil, text, nil), nil
}

// Unseal gives the text that Seal has encrypted with the key, or an error when another key or a single bit differs.
func Unseal(key, sealed []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	text, err := gcm.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("auth: unseal: %w", err)
	}
	return text, nil
}

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("auth: seal: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
