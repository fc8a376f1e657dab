//! The configuration of the client of each cloud. Reads the environment only if there are no keys.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::{BackoffConfig, ClientOptions, Error, ObjectStore, RetryConfig};

use crate::storage::{Bucket, Credentials, Scheme};

/// Number of retries of a request.
const RETRIES: usize = 5;

/// Returns the client of a bucket.
pub fn client(bucket: &Bucket, keys: Option<&Credentials>, timeout: Duration) -> Result<Arc<dyn ObjectStore>, Error> {
    let options = ClientOptions::new()
        .with_allow_http(bucket.allow_http)
        .with_timeout(timeout)
        .with_connect_timeout(timeout.min(Duration::from_secs(10)));
    let retry = RetryConfig {
        backoff: BackoffConfig { init_backoff: Duration::from_millis(200), ..BackoffConfig::default() },
        max_retries: RETRIES,
        retry_timeout: timeout * 2,
    };
    Ok(match bucket.scheme {
        Scheme::S3 => Arc::new(s3(bucket, keys).with_client_options(options).with_retry(retry).build()?),
        Scheme::Gs => Arc::new(gs(bucket, keys).with_client_options(options).with_retry(retry).build()?),
        Scheme::Az => Arc::new(az(bucket, keys).with_client_options(options).with_retry(retry).build()?),
    })
}

fn s3(bucket: &Bucket, keys: Option<&Credentials>) -> AmazonS3Builder {
    let mut builder = match keys {
        None => AmazonS3Builder::from_env(),
        Some(keys) => {
            let mut builder = AmazonS3Builder::new();
            for (name, value) in keys {
                builder = match name.as_str() {
                    "access_key_id" => builder.with_access_key_id(value),
                    "secret_access_key" => builder.with_secret_access_key(value),
                    _ => builder.with_token(value),
                };
            }
            builder
        }
    };
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    builder
        .with_bucket_name(&bucket.name)
        .with_allow_http(bucket.allow_http)
        .with_virtual_hosted_style_request(bucket.virtual_hosted_style)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
}

fn gs(bucket: &Bucket, keys: Option<&Credentials>) -> GoogleCloudStorageBuilder {
    let mut builder = match keys.map(|keys| keys.get("service_account_key")) {
        None => GoogleCloudStorageBuilder::from_env(),
        Some(None) => GoogleCloudStorageBuilder::new(),
        Some(Some(key)) => GoogleCloudStorageBuilder::new().with_service_account_key(key),
    };
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_base_url(endpoint);
    }
    builder.with_bucket_name(&bucket.name)
}

fn az(bucket: &Bucket, keys: Option<&Credentials>) -> MicrosoftAzureBuilder {
    let mut builder = match keys {
        None => MicrosoftAzureBuilder::from_env(),
        Some(keys) => {
            let mut builder = MicrosoftAzureBuilder::new();
            for (name, value) in keys {
                let key = match name.as_str() {
                    "account_key" => AzureConfigKey::AccessKey,
                    "sas_token" => AzureConfigKey::SasKey,
                    "client_id" => AzureConfigKey::ClientId,
                    "client_secret" => AzureConfigKey::ClientSecret,
                    _ => AzureConfigKey::AuthorityId,
                };
                builder = builder.with_config(key, value);
            }
            builder
        }
    };
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint.clone());
    }
    if let Some(account) = &bucket.account_name {
        builder = builder.with_account(account);
    }
    builder.with_container_name(&bucket.name).with_allow_http(bucket.allow_http)
}
