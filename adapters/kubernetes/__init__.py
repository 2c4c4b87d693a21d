"""The adapter for Kubernetes, MetalLB on it, and Rancher in front of it."""
