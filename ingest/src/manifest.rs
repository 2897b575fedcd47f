//! What a delivery says of itself: manifests and folder names. (owner: helper-2, in work)
